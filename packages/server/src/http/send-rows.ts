import type { FastifyReply } from 'fastify';
import { createBreath } from '../service/breathe.ts';

/**
 * Answers with a list whose rows may be large: they become JSON one by one, and others are let in meanwhile.
 * @param rest what stands beside the rows, which then are `data`; without it, they are the whole answer
 */
export const sendRows = async <T>(
  reply: FastifyReply,
  rows: readonly T[],
  wire: (row: T) => unknown,
  rest?: { has_more: boolean; total: number; warnings?: string[] },
): Promise<FastifyReply> => {
  const breathe = createBreath();
  const parts = [Buffer.from(rest ? '{"data":[' : '[')];
  for (const [at, row] of rows.entries()) {
    parts.push(Buffer.from((at === 0 ? '' : ',') + JSON.stringify(await wire(row))));
    await breathe();
  }
  parts.push(Buffer.from(rest ? `],${JSON.stringify(rest).slice(1)}` : ']'));
  return reply.type('application/json; charset=utf-8').send(Buffer.concat(parts));
};
