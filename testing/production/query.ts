import pg from 'pg';

/** Runs one statement on a connection of its own. */
export const query = async <Row extends object = Record<string, unknown>>(
  url: string,
  statement: string,
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
};
