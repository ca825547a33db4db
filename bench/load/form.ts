import type { UploadForm } from '@sluice/contract';

// 32 hex digits and the order of part headers below are what the official Python SDK puts on the wire.
const BOUNDARY = '5f8a1c3e7b9d42068e6f0a2c4b8d1e37';

export const FORM_TAIL = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);

/** Everything of an upload before the bytes of the file: request head, fields, head of the file's part. */
export const formPrefix = (form: UploadForm, name: string, bodyBytes: number): Buffer => {
  const url = new URL(form.url);
  const fields = Object.entries(form.fields).map(
    ([field, value]) =>
      `--${BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const parts = Buffer.from(
    `${fields.join('')}--${BOUNDARY}\r\nContent-Type: text/plain\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`,
  );
  const head = Buffer.from(
    `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: */*\r\n` +
      `Content-Length: ${parts.length + bodyBytes + FORM_TAIL.length}\r\n` +
      `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\n\r\n`,
  );
  return Buffer.concat([head, parts]);
};

export const formRequest = (form: UploadForm, name: string, body: Buffer): Buffer =>
  Buffer.concat([formPrefix(form, name, body.length), body, FORM_TAIL]);

const COUNTER = '00000000';

/**
 * One request whose file name holds a counter, to be sent again and again: `at(n)` sets the counter in place and gives
 * the same buffer back. Only for a connection that has had the answer to its last request.
 */
export const countedFormRequest = (form: UploadForm, body: Buffer): { at(count: number): Buffer } => {
  const request = formRequest(form, `f${COUNTER}.txt`, body);
  const offset = request.indexOf(`filename="f${COUNTER}.txt"`) + 'filename="f'.length;
  return {
    at: (count) => {
      request.write(String(count).padStart(COUNTER.length, '0'), offset, 'latin1');
      return request;
    },
  };
};
