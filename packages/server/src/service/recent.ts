/** Remembers so many entries at most: the one that was not set for longest goes when there are more. */
export const createRecent = <Value>(most: number) => {
  const entries = new Map<string, Value>();
  return {
    get: (key: string): Value | undefined => entries.get(key),
    set: (key: string, value: Value): void => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > most) entries.delete(entries.keys().next().value as string);
    },
    delete: (key: string): void => {
      entries.delete(key);
    },
  };
};
