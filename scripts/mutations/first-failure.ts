import type { TestEvent } from 'node:test/reporters';

/** A reporter of Node's test runner: a line for each test that fails, as soon as it does. */
// biome-ignore lint/style/noDefaultExport: the test runner asks for it
export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) if (event.type === 'test:fail') yield `${event.data.name}\n`;
}
