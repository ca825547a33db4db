/** Samples of a scrape by their series, `name{label="value"}`, as Prometheus writes them. */
export type Samples = ReadonlyMap<string, string>;

export const samplesOf = (text: string): Samples =>
  new Map(
    text
      .split('\n')
      // What nothing was measured of is no number, and not to be written in a test of rules.
      .filter((line) => line !== '' && !line.startsWith('#') && !/ nan$/i.test(line))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );

/** `a{b="c"}` becomes `a`. */
export const nameOf = (series: string): string => series.replace(/\{.*$/, '');

/** The series as Prometheus stores it: with the job and the process that was asked. */
export const stored = (series: string): string => {
  const labels = [/\{(.*)\}$/.exec(series)?.[1] ?? '', 'job="sluice"', 'instance="one:8000"'];
  return `${nameOf(series)}{${labels.filter((label) => label !== '').join(',')}}`;
};
