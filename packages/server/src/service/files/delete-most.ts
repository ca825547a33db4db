import type { ObjectStore } from '../ports/objects.ts';

/**
 * Deletes the objects that can be deleted; those that the store refuses to, be it for a lock, a policy or their name, are
 * told from the others by halves.
 * @param tell hears of the first refusal at once, since the rest may take long
 * @returns the keys that are left, and why the first of them is
 * @throws where the store cannot be reached
 */
export const deleteMost = async (
  objects: Pick<ObjectStore, 'delete' | 'ping'>,
  keys: readonly string[],
  tell: (error: unknown) => void = () => {},
): Promise<{ left: string[]; cause?: unknown }> => {
  try {
    await objects.delete(keys);
    return { left: [] };
  } catch (cause) {
    await objects.ping();
    tell(cause);
    if (keys.length === 1) return { left: [...keys], cause };
    const half = Math.ceil(keys.length / 2);
    const first = await deleteMost(objects, keys.slice(0, half));
    const second = await deleteMost(objects, keys.slice(half));
    return { left: [...first.left, ...second.left], cause: first.cause ?? second.cause };
  }
};
