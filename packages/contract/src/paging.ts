import Type from 'typebox';
import { Nullable, OneOf, Uuid } from './formats.ts';

export const ORDERS = ['ASC', 'DESC'] as const;
export type Order = (typeof ORDERS)[number];

/** Rows a page holds when `limit` is not given, and the most it may hold. */
export const PAGE = { default: 10, max: 100 } as const;

export const Limit = Type.Integer({
  minimum: 1,
  maximum: PAGE.max,
  default: PAGE.default,
  description: 'Rows a page holds at most.',
});

export const PageNumber = Nullable(
  Type.Integer({ minimum: 1, description: 'Page to return, from 1. A cursor given as well wins over it.' }),
);

/** Query of a list that pages by number or by the id of a row (`before` = created earlier, `after` = created later). */
export const PageQuery = {
  limit: Type.Optional(Limit),
  page_number: Type.Optional(PageNumber),
  before: Type.Optional(
    Nullable(Uuid('Only rows created earlier than the row with this id, which may have left the list.')),
  ),
  after: Type.Optional(
    Nullable(Uuid('Only rows created later than the row with this id, which may have left the list.')),
  ),
};

export const OrderQuery = (defaultOrder: Order) => OneOf(ORDERS, { default: defaultOrder });

/** The envelope of every list: `total` counts all rows that match, not those of this page. */
export const Page = <T extends Type.TSchema>(row: T) =>
  Type.Object({ data: Type.Array(row), has_more: Type.Boolean(), total: Type.Integer({ minimum: 0 }) });
