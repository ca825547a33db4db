import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvRecord, csvRecords } from '../../src/report/csv.ts';

const field = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', "'", '=') }),
);
const records = fc.array(fc.array(field, { minLength: 1 }), { maxLength: 5 });

test('whatever is written is read', () => {
  fc.assert(
    fc.property(records, (rows) => {
      assert.deepEqual(csvRecords(rows.map(csvRecord).join('')), rows);
    }),
  );
});

test('CLI.3: cut anywhere, as a killed writer leaves it, all whole records are read', () => {
  fc.assert(
    fc.property(records, fc.nat(), (rows, at) => {
      const lines = rows.map(csvRecord);
      const text = lines.join('');
      const cut = text.slice(0, at % (text.length + 1));
      let whole = 0;
      for (let length = 0; length + (lines[whole]?.length ?? Infinity) <= cut.length; whole++) {
        length += lines[whole]?.length ?? 0;
      }
      // The line end may be cut between its two characters, and then it is one as well.
      const read = csvRecords(cut);
      assert.deepEqual(read.slice(0, whole), rows.slice(0, whole));
      assert.ok(read.length <= whole + 1);
      if (read.length > whole) assert.deepEqual(read[whole], rows[whole]);
    }),
  );
});

test('nothing is a formula to a spreadsheet, and all of it is read as it was', () => {
  const cells = ['=1+1', '+1', '-1', '@x', '\tx', "'=1", "'quoted", "it's", 'a=1', ''];
  const text = csvRecord(cells);
  assert.equal(text, "'=1+1,'+1,'-1,'@x,\"'\tx\",''=1,'quoted,it's,a=1,\r\n");
  assert.deepEqual(csvRecords(text), [cells]);
});

test('what spreadsheets write is read, and what is no CSV is not', () => {
  assert.deepEqual(csvRecords('a,"b ""c""",\nd,,"e\nf"\n'), [
    ['a', 'b "c"', ''],
    ['d', '', 'e\nf'],
  ]);
  assert.throws(() => csvRecords('a\n"b"c\nd\n'), { message: 'It is no CSV at character 3.' });
});
