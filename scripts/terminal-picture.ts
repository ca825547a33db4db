/**
 * Draws what a command printed on a terminal as an SVG, for the README:
 * script -qec 'npm run --silent demo' /dev/null | node scripts/terminal-picture.ts 'npm run demo' > docs/demo.svg
 */
import { text } from 'node:stream/consumers';

const CELL = { width: 8.4, height: 19 };
const MARGIN = 20;
const COLORS: Record<string, string> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#f2cc60',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};

const ESCAPE = String.fromCharCode(27);
const SEQUENCE = new RegExp(`(${ESCAPE}\\[[0-9;?]*[A-Za-z])`, 'g');
const STYLE = new RegExp(`^${ESCAPE}\\[([0-9;]*)m$`);

const asXml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '&#160;');

/** A line as tspans: SGR sequences change how what follows looks, all others are dropped. */
const drawLine = (line: string): string => {
  let style = '';
  return line
    .split(SEQUENCE)
    .map((piece) => {
      const codes = STYLE.exec(piece)?.[1]?.split(';');
      if (!codes)
        return piece === '' || piece.startsWith(ESCAPE) ? '' : `<tspan${style}>${asXml(piece)}</tspan>`;
      for (const code of codes) {
        if (code === '' || code === '0' || code === '39' || code === '22') style = '';
        else if (code === '1') style += ' font-weight="bold"';
        else if (code === '2') style += ' opacity="0.65"';
        else if (COLORS[code]) style += ` fill="${COLORS[code]}"`;
      }
      return '';
    })
    .join('');
};

/** A bar is drawn over and over: what stands there in the end is behind the last return. */
const overwritten = (line: string): string => line.slice(line.lastIndexOf('\r') + 1);

const printed = (await text(process.stdin)).replace(/\r+\n/g, '\n').trimEnd().split('\n').map(overwritten);
const lines = [`${ESCAPE}[90m$${ESCAPE}[0m ${ESCAPE}[1m${process.argv[2]}${ESCAPE}[0m`, '', ...printed];
const widest = Math.max(...lines.map((line) => line.replace(SEQUENCE, '').length));
const width = Math.ceil(widest * CELL.width + 2 * MARGIN);
const height = lines.length * CELL.height + 2 * MARGIN;
console.log(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>What ${asXml(process.argv[2] ?? '')} prints on a terminal</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${lines.map((line, row) => `<text x="${MARGIN}" y="${MARGIN + (row + 0.75) * CELL.height}">${drawLine(line)}</text>`).join('\n')}
</g>
</svg>`);
