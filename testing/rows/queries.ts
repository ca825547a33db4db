import { CATEGORIES, idOf, LANGUAGES, needle, type Row, SUBJECTS } from './rows.ts';

/** Rows of a page: the default of the API. */
export const PAGE_ROWS = 10;

export type Query = {
  name: string;
  /** Parameters of `GET /files`, for one of several values that are alike in how many files they find. */
  parameters(variant: number): Record<string, string>;
  matches(row: Row, variant: number): boolean;
  /** Whether there are variants, so that the first request of each can be measured. */
  varies: boolean;
};

/** What is asked of a collection of `size` files; `row` gives any file of it. */
export const queriesFor = (size: number, row: (index: number) => Row): Query[] => {
  const middle = row(size / 2);
  const nearEnd = row(size - PAGE_ROWS - 1);
  const after = (value: string, at: Row) => ({ after_value: value, after_file_id: idOf(at) });
  const page = (name: string, parameters: Record<string, string>, matches = (_row: Row) => true): Query => ({
    name,
    parameters: () => parameters,
    matches,
    varies: false,
  });
  const search = (
    name: string,
    parameters: (variant: number) => Record<string, string>,
    matches: (row: Row, variant: number) => boolean,
  ): Query => ({ name, parameters, matches, varies: true });
  const category = (variant: number) => CATEGORIES[variant] as string;
  const language = (variant: number) => LANGUAGES[variant % LANGUAGES.length] as string;
  const subject = (variant: number) => SUBJECTS[variant] as string;
  // A tenth of all, from the middle on; each variant begins one file later.
  const rangeStart = (variant: number) => row(size / 2 + variant).createdAt;
  const rangeEnd = (variant: number) => row(size / 2 + variant).createdAt + (size / 10) * 1_000_000;

  return [
    page('first page', {}),
    page('page in the middle, by cursor', after(iso(middle.createdAt), middle)),
    page('last page, by cursor', after(iso(nearEnd.createdAt), nearEnd)),
    page('newest first', { order: 'DESC' }),
    page('by name, first page', { field: 'name' }),
    page('by name, in the middle, by cursor', { field: 'name', ...after(middle.name, middle) }),
    page('page in the middle, by number', { page_number: String(size / PAGE_ROWS / 2) }),
    // Of a category that no other query asks for, as its total would then be known there already.
    page(
      'equality, finds 10 %, page in the middle',
      { filter: `category eq '${CATEGORIES.at(-1)}'`, ...after(iso(middle.createdAt), middle) },
      ({ metadata }) => metadata.category === CATEGORIES.at(-1),
    ),
    search(
      'equality, finds 10',
      (variant) => ({ filter: `campaign eq '${needle(size, variant)}'` }),
      ({ metadata }, variant) => metadata.campaign === needle(size, variant),
    ),
    search(
      'equality, finds 10 %',
      (variant) => ({ filter: `category eq '${category(variant)}'` }),
      ({ metadata }, variant) => metadata.category === category(variant),
    ),
    search(
      'equality, finds 3 %, by name',
      (variant) => ({ filter: `year eq ${1990 + variant}`, field: 'name' }),
      ({ metadata }, variant) => metadata.year === 1990 + variant,
    ),
    search(
      'inequality, finds 97 %',
      (variant) => ({ filter: `year ne ${1990 + variant}` }),
      ({ metadata }, variant) => metadata.year !== 1990 + variant,
    ),
    search(
      'comparison, finds 17 to 31 %',
      (variant) => ({ filter: `year ge ${2020 - variant}` }),
      ({ metadata }, variant) => metadata.year >= 2020 - variant,
    ),
    search(
      'and of 10 % with 20 %',
      (variant) => ({
        filter: `category eq '${category(variant)}' and language eq '${language(variant)}'`,
      }),
      ({ metadata }, variant) =>
        metadata.category === category(variant) && metadata.language === language(variant),
    ),
    search(
      'and of 10 with 20 %',
      (variant) => ({ filter: `language eq 'en' and campaign eq '${needle(size, variant)}'` }),
      ({ metadata }, variant) => metadata.language === 'en' && metadata.campaign === needle(size, variant),
    ),
    search(
      'part of the name, finds 10',
      (variant) => ({ name: needle(size, variant) }),
      ({ name }, variant) => name.includes(needle(size, variant)),
    ),
    search(
      'part of the name, finds 10 %',
      (variant) => ({ name: `${subject(variant)}-` }),
      ({ name }, variant) => name.includes(`${subject(variant)}-`),
    ),
    search(
      'created_at, the middle tenth',
      (variant) => ({
        filter: `created_at ge '${iso(rangeStart(variant))}' and created_at lt '${iso(rangeEnd(variant))}'`,
      }),
      ({ createdAt }, variant) => createdAt >= rangeStart(variant) && createdAt < rangeEnd(variant),
    ),
  ];
};

const iso = (microseconds: number): string => new Date(microseconds / 1000).toISOString();
