import { uuidAt } from '../../packages/server/src/domain/uuid.ts';
import { below, pick, seededRandom } from './random.ts';

/** Microseconds, as the server's Instant. */
const FIRST_CREATED = Date.UTC(2026, 0, 1) * 1000;
const SECOND = 1_000_000;

export const CATEGORIES = Array.from({ length: 10 }, (_, at) => `category-${at}`);
export const LANGUAGES = ['de', 'en', 'es', 'fr', 'it'];
export const SUBJECTS = [
  'audit',
  'budget',
  'charter',
  'dossier',
  'estimate',
  'forecast',
  'guideline',
  'handbook',
  'inventory',
  'journal',
];

/** Values of which there are as many different ones as a bench asks for: see `needleOf`. */
export const VARIANTS = 6;
/** Files that a selective search finds, however many there are. */
export const NEEDLES = 10;

export type Row = {
  index: number;
  name: string;
  createdAt: number;
  size: number;
  metadata: {
    category: string;
    language: string;
    year: number;
    campaign: string;
    title: string;
  };
};

/**
 * The file at a place in a collection that grows through `sizes`. It is the same for the same seed, whatever was made
 * before it: expected totals can be counted without keeping a million rows.
 */
export const rowAt = (seed: number, sizes: readonly number[], index: number): Row => {
  const random = seededRandom(seed + index);
  const subject = pick(random, SUBJECTS);
  const needle = needleOf(sizes, index);
  return {
    index,
    name: `${subject}-${String(below(random, 1_000_000)).padStart(6, '0')}${needle ? `-${needle}` : ''}-${index}.txt`,
    createdAt: FIRST_CREATED + index * SECOND,
    size: 1024 + below(random, 7169),
    metadata: {
      category: pick(random, CATEGORIES),
      language: pick(random, LANGUAGES),
      year: 1990 + below(random, 36),
      campaign: needle ?? `campaign-${below(random, 1000)}`,
      title: `${pick(random, SUBJECTS)} of ${below(random, 1_000_000_000)}`,
    },
  };
};

/** The id the file of a row has. */
export const idOf = (row: Row): string => {
  const random = seededRandom(~row.index);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(random(), 0);
  bytes.writeUInt32LE(random(), 4);
  return uuidAt(row.createdAt, bytes);
};

export const needle = (size: number, variant: number): string => `needle-${variant}-of-${size}`;

/**
 * The rare word a file has, if any. For each size and variant there are `NEEDLES` files with it, spread evenly from the
 * oldest to the newest at that size, so that no order of the list finds them early.
 */
const needleOf = (sizes: readonly number[], index: number): string | undefined => {
  for (const [which, size] of sizes.entries()) {
    const step = size / NEEDLES;
    // Each size and variant has a place of its own within a step, so no file is wanted by two.
    const variant = (index % step) - which * VARIANTS;
    if (index < size && variant >= 0 && variant < VARIANTS) return needle(size, variant);
  }
  return undefined;
};
