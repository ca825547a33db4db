import { writeFileSync } from 'node:fs';
import { SNAPSHOT } from '../../testing/fastapi/fastapi.ts';
import { CASES } from './cases.ts';
import { askFastApi } from './fastapi.ts';

/** Asks FastAPI every case of the table and writes its answers where `npm test` compares ours with them. */
const answers = askFastApi(CASES);
const lines = CASES.map((asked, index) => JSON.stringify({ ...asked, ...answers[index] }));
writeFileSync(SNAPSHOT, `${lines.join('\n')}\n`);
console.log(`${lines.length} cases in ${SNAPSHOT}`);
