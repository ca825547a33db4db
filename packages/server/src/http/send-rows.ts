import type { FastifyReply } from 'fastify';
import { createBreath } from '../service/breathe.ts';
import type { Rows } from '../service/ports/paging.ts';

/** The reply of a route whose schema has this as its answer. */
type ReplyOf<Answer> = Pick<FastifyReply, 'type'> & { send: (answer: Answer) => unknown };

type Wire<T, W> = (row: T) => W | Promise<W>;

/** Answers with a page of a list, in the envelope of every list. `beside`: what a list has in it besides. */
export const sendPage = <T, W, B extends object = object>(
  reply: ReplyOf<{ data: W[]; has_more: boolean; total: number } & B>,
  { rows, hasMore, total }: Rows<T>,
  wire: Wire<T, W>,
  beside?: B,
): Promise<FastifyReply> =>
  send(reply, rows, wire, [
    '{"data":[',
    `],${JSON.stringify({ has_more: hasMore, total, ...beside }).slice(1)}`,
  ]);

/** Answers with rows and nothing else. */
export const sendRows = <T, W>(
  reply: ReplyOf<W[]>,
  rows: readonly T[],
  wire: Wire<T, W>,
): Promise<FastifyReply> => send(reply, rows, wire, ['[', ']']);

/** Rows may be large: they become JSON one by one, and others are let in meanwhile. */
const send = async <T>(
  reply: ReplyOf<never>,
  rows: readonly T[],
  wire: Wire<T, unknown>,
  [start, end]: readonly [string, string],
): Promise<FastifyReply> => {
  const breathe = createBreath();
  const parts = [Buffer.from(start)];
  for (const [at, row] of rows.entries()) {
    parts.push(Buffer.from((at === 0 ? '' : ',') + JSON.stringify(await wire(row))));
    await breathe();
  }
  parts.push(Buffer.from(end));
  return (reply as FastifyReply).type('application/json; charset=utf-8').send(Buffer.concat(parts));
};
