/** A method without its first parameter, where that is a workspace. */
type Bound<Method> = Method extends (workspace: string, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** The same methods, for one workspace. */
export type InWorkspace<Methods> = { [Name in keyof Methods]: Bound<Methods[Name]> };

export const inWorkspace = <Methods extends object>(
  methods: Methods,
  workspace: string,
): InWorkspace<Methods> =>
  Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      (...rest: unknown[]) => (method as (...args: unknown[]) => unknown)(workspace, ...rest),
    ]),
  ) as InWorkspace<Methods>;
