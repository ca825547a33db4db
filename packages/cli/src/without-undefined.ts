/** A copy without the properties that are undefined: what was not given is left out of requests. */
export const withoutUndefined = <T extends object>(
  values: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
