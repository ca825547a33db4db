import type { JobQueue, ObjectStore, Store, Writer } from '../../../packages/server/src/service/ports.ts';

/**
 * A moment of a process's life. `step` is `objects.<method>`, `jobs.<method>`, or `<repository>.<method>` of a
 * transaction; `during` is within the transaction, before its commit, and for the others the same as `before`.
 */
export type Moment = { step: string; when: 'before' | 'during' | 'after'; nth: number };

export type Ports = { store: Store; objects: ObjectStore; jobs: JobQueue };

// biome-ignore lint/suspicious/noExplicitAny: methods are wrapped whatever they take and give
type Methods = Record<string, (...args: any[]) => any>;

/** From now on, the process meets its fate at this moment. */
export const arm = ({ store, ...ports }: Ports, { step, when, nth }: Moment, fate: () => void): void => {
  const [name, method] = step.split('.') as [string, string];
  let calls = 0;
  const isFatal = (): boolean => ++calls === nth;

  if (name === 'objects' || name === 'jobs') {
    const port = ports[name] as unknown as Methods;
    const original = port[method] as Methods[string];
    port[method] = (...args) => {
      const fatal = isFatal();
      if (fatal && when !== 'after') fate();
      const result = original.apply(port, args);
      if (!fatal || when !== 'after') return result;
      return Promise.resolve(result).then((value) => {
        fate();
        return value;
      });
    };
    return;
  }
  const write = store.write.bind(store);
  store.write = async (work) => {
    let fatal = false;
    const result = await write((tx) => {
      const repository = tx[name as keyof Writer] as unknown as Methods;
      const armed = {
        ...repository,
        [method]: async (...args: unknown[]) => {
          const value = await repository[method]?.(...args);
          if (isFatal()) {
            if (when === 'after') fatal = true;
            else fate();
          }
          return value;
        },
      };
      return work({ ...tx, [name]: armed });
    });
    if (fatal) fate();
    return result;
  };
};

export const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
