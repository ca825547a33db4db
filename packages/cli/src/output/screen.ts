/** As much of a stream as is written to here. */
export type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown };
