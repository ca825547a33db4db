import { ArgumentError, shown } from '../argument-error.ts';

/**
 * A number by its JSON text, for what a JavaScript number does not hold: `0.1000000000000000055` is 0.1 as a number, and
 * `1.0` is 1. It is taken wherever metadata is, and goes out as it came. As a number it is the nearest there is.
 */
export class ExactNumber {
  readonly text: string;

  /** @throws ArgumentError where the text is no number of JSON (RFC 8259, section 6) */
  constructor(text: string) {
    if (typeof text !== 'string' || !NUMBER.test(text))
      throw new ArgumentError(`The text must be a number of JSON; it is ${shown(text)}.`);
    this.text = text;
  }

  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** For `JSON.stringify`: exact where the platform has `JSON.rawJSON`, else the nearest number. */
  toJSON(): unknown {
    return rawJson?.(this.text) ?? this.valueOf();
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Of engines from 2025 on. */
const { rawJSON: rawJson } = JSON as { rawJSON?: (text: string) => unknown };
