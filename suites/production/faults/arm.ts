import type { JobQueue } from '../../../packages/server/src/service/ports/jobs.ts';
import type { ObjectStore } from '../../../packages/server/src/service/ports/objects.ts';
import type { Store, Writer } from '../../../packages/server/src/service/ports/store.ts';

/**
 * A moment of a process's life. `step` is `objects.<method>`, `jobs.<method>`, or `<repository>.<method>` of a
 * transaction; `during` is within the transaction, before its commit, and for the others the same as `before`.
 */
export type Moment = { step: string; when: 'before' | 'during' | 'after'; nth: number };

export type Ports = { store: Store; objects: ObjectStore; jobs: JobQueue };

// biome-ignore lint/suspicious/noExplicitAny: methods are wrapped whatever they take and give
type Methods = Record<string, (...args: any[]) => any>;

/** From now on, `fate` is called at this moment; what comes after waits for it, and fails if it throws. */
export const arm = (
  { store, ...ports }: Ports,
  { step, when, nth }: Moment,
  fate: () => void | Promise<void>,
): void => {
  const [name, method] = step.split('.') as [string, string];
  let calls = 0;
  const isFatal = (): boolean => ++calls === nth;

  if (name === 'jobs') {
    const queue = ports.jobs as unknown as Methods;
    const original = queue[method] as Methods[string];
    queue[method] = (...args) => {
      const fatal = isFatal();
      if (fatal && when !== 'after') fate();
      const result = original.apply(queue, args);
      if (fatal && when === 'after') fate();
      return result;
    };
    return;
  }
  if (name === 'objects') {
    const objects = ports.objects as unknown as Methods;
    const original = objects[method] as Methods[string];
    objects[method] = async (...args) => {
      const fatal = isFatal();
      if (fatal && when !== 'after') await fate();
      const result = await original.apply(objects, args);
      if (fatal && when === 'after') await fate();
      return result;
    };
    return;
  }
  const write = store.write.bind(store);
  store.write = async (work, kind) => {
    let fatal = false;
    const result = await write((tx) => {
      const repository = tx[name as keyof Writer] as unknown as Methods;
      const armed = {
        ...repository,
        [method]: async (...args: unknown[]) => {
          const value = await repository[method]?.(...args);
          if (isFatal()) {
            if (when === 'after') fatal = true;
            else await fate();
          }
          return value;
        },
      };
      return work({ ...tx, [name]: armed });
    }, kind);
    if (fatal) await fate();
    return result;
  };
};

export const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
