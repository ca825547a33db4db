import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { DOCUMENTS, headingsOf, proseOf, ROOT } from './markdown.ts';

/** As GitHub makes it: what is no letter, digit, `_` or `-` goes, blanks become `-`; of equal ones the next has `-1`. */
const anchorsOf = (document: string): Set<string> => {
  const seen = new Map<string, number>();
  const anchors = headingsOf(document).map((heading) => {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  return new Set(anchors);
};

const CODE = /`[^`\n]*`/g;
const LINK = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;
const OUTSIDE = /^[a-z][a-z+.-]*:/i;

const withoutCode = (document: string) => proseOf(document).replace(CODE, '``');

for (const document of ['CHANGELOG.md', ...DOCUMENTS]) {
  test(`the links of ${document} lead somewhere`, () => {
    const broken = [...withoutCode(document).matchAll(LINK)].flatMap(([, target = '']) => {
      if (OUTSIDE.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : normalize(join(dirname(document), decodeURI(path)));
      if (!existsSync(join(ROOT, file))) return [target];
      if (anchor === undefined || anchor === '') return [];
      return statSync(join(ROOT, file)).isFile() && anchorsOf(file).has(anchor) ? [] : [target];
    });
    assert.deepEqual(broken, []);
  });

  test(`what ${document} has in square brackets is a link`, () => {
    const rest = withoutCode(document)
      .replace(/!?\[[^\]]*\]\([^)]*\)/g, '')
      .match(/\[[^\]\n]*\.(?:md|yml|yaml|svg|ts|conf)\]?(?!\()/g);
    assert.deepEqual(rest ?? [], []);
  });
}

for (const document of DOCUMENTS) {
  test(`a document that ${document} names is a link to it`, () => {
    const prose = withoutCode(document).replace(/\[[^\]]*\]\([^)]*\)/g, '');
    assert.deepEqual(prose.match(/[\w/.-]+\.md\b/g) ?? [], []);
  });
}
