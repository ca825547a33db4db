/** What the log says of an error. Drivers hang rows, statements and whole answers on theirs: those stay out. */
export type LoggedError = {
  type: string;
  message: string;
  code?: unknown;
  stack: string | undefined;
  cause?: LoggedError;
};

export const loggedError = (error: unknown, depth = 0): LoggedError | unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    stack,
    ...(cause instanceof Error && depth < MAX_DEPTH ? { cause: loggedError(cause, depth + 1) } : {}),
  };
};

const MAX_DEPTH = 5;
