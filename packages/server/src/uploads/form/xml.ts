/** Characters XML 1.0 has no way to write, escaped or not, and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escapeText = (text: string): string =>
  text.replace(UNWRITABLE, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** An XML document of one element with text elements in it. Texts may be anything; names are ours. */
export const xmlDocument = (root: string, elements: Readonly<Record<string, string>>): Buffer => {
  const inner = Object.entries(elements).map(([name, text]) => `<${name}>${escapeText(text)}</${name}>`);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner.join('')}</${root}>`);
};
