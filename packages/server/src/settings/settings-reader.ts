export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingsReader = ReturnType<typeof readSettings>;

/** Reads settings one by one and gathers what is wrong with them. An empty value counts as not set. */
export const readSettings = (environment: Environment) => {
  const problems: string[] = [];

  const text = (name: string): string | null => environment[name]?.trim() || null;

  const wrong = <T>(name: string, problem: string, fallback: T): T => {
    problems.push(`${name} ${problem}`);
    return fallback;
  };

  return {
    problems,
    text,
    wrong,

    whole: (name: string, fallback: number, min: number, max: number): number => {
      const value = text(name);
      if (value === null) return fallback;
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      return number >= min && number <= max
        ? number
        : wrong(name, `is "${value}"; it takes a whole number from ${min} to ${max}`, fallback);
    },

    oneOf: <T extends string>(name: string, fallback: T, values: readonly T[]): T => {
      const value = text(name) ?? fallback;
      return (
        values.find((known) => known === value) ??
        wrong(name, `is "${value}"; it takes ${values.join(', ')}`, fallback)
      );
    },

    flag: (name: string, fallback: boolean): boolean => {
      const value = text(name);
      if (value === null) return fallback;
      if (/^(true|on|yes|1)$/i.test(value)) return true;
      if (/^(false|off|no|0)$/i.test(value)) return false;
      return wrong(name, `is "${value}"; it takes true or false`, fallback);
    },

    url: (name: string): string | null => {
      const value = text(name);
      if (value === null) return null;
      const parsed = URL.canParse(value) ? new URL(value) : undefined;
      if (parsed && /^https?:$/.test(parsed.protocol) && !/[?#@]/.test(value)) {
        return parsed.href.replace(/\/+$/, '');
      }
      // What is before an @ or after a question mark may be a secret.
      const told = /[?#@]/.test(value) ? 'has a user, a password or a query' : `is "${value}"`;
      return wrong(name, `${told}; it takes an http or https URL without these`, null);
    },
  };
};
