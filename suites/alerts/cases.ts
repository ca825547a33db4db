export type Case = {
  alert: string;
  when: string;
  /** What changes, from a healthy start, a value a minute. Every series has to be one of a real scrape. */
  changes: Readonly<Record<string, string>>;
  /** A minute at which it fires, alone unless `with` says so, and one at which nothing does yet, or any more. */
  fires: number;
  quiet: number;
  with?: readonly string[];
};

const UP = 'up';
const SLOW = 'sluice_http_request_seconds_bucket{le="LE",method="GET",route="/api/v1/me",status="200"}';
const slow = Object.fromEntries(
  ['0.001', '0.003', '0.01', '0.03', '0.1', '0.3', '1'].map((le) => [SLOW.replace('LE', le), '1x40']),
);

export const CASES: readonly Case[] = [
  {
    alert: 'SluiceProcessGone',
    when: 'a process does not answer',
    changes: { [UP]: '1x9 0x30' },
    fires: 12,
    quiet: 9,
  },
  {
    alert: 'SluiceRestarting',
    when: 'a process is started again and again',
    changes: { process_start_time_seconds: '100x9 200 200 300 300 400x30' },
    fires: 15,
    quiet: 35,
  },
  {
    alert: 'SluiceBusy',
    when: 'requests wait for the event loop',
    changes: { nodejs_eventloop_lag_p99_seconds: '0.01x9 0.9x30' },
    fires: 16,
    quiet: 13,
  },
  {
    alert: 'SluiceUnhealthy',
    when: 'the store is away',
    changes: { 'sluice_healthy{part="store"}': '1x9 0x10 1x20' },
    fires: 12,
    quiet: 22,
  },
  {
    alert: 'SluiceRowsUnreadable',
    when: 'rows cannot be read, though the database answers',
    changes: { sluice_rows_readable: '1x9 0x30' },
    fires: 13,
    quiet: 11,
  },
  {
    alert: 'SluiceIngestionStandsStill',
    when: 'a session waits for its ingestion',
    changes: { sluice_oldest_awaiting_session_seconds: '0+60x40' },
    fires: 18,
    quiet: 15,
  },
  {
    alert: 'SluiceIngestionStandsStill',
    when: 'a session waits, and then the database goes away',
    changes: {
      sluice_oldest_awaiting_session_seconds: '0+60x18 _x20',
      'sluice_healthy{part="database"}': '1x18 0x20',
      sluice_rows_readable: '1x18 0x20',
    },
    fires: 22,
    quiet: 15,
    with: ['SluiceUnhealthy', 'SluiceRowsUnreadable'],
  },
  {
    alert: 'SluiceWorkFails',
    when: 'a worker fails at everything',
    changes: { 'sluice_job_tries_failed_total{kind="ingest",cause="store"}': '0x9 1+1x5 6x30' },
    fires: 14,
    quiet: 32,
  },
  {
    alert: 'SluiceLostObjects',
    when: 'a file has no content any more',
    changes: { sluice_lost_objects_total: '0x9 1x30' },
    fires: 11,
    quiet: 9,
  },
  {
    alert: 'SluiceJobGivenUp',
    when: 'one job is given up',
    changes: { 'sluice_job_failures_total{kind="ingest"}': '0x9 1x30' },
    fires: 11,
    quiet: 30,
  },
  {
    alert: 'SluiceJobsDead',
    when: 'the queue tells of a job more that was given up',
    changes: { 'sluice_jobs{state="dead"}': '3x9 4x30' },
    fires: 11,
    quiet: 30,
  },
  {
    alert: 'SluiceFilesFail',
    when: 'one file fails for no fault of its own',
    changes: { 'sluice_files_ingested_total{outcome="UNKNOWN_ERROR"}': '0x9 1x30' },
    fires: 11,
    quiet: 30,
  },
  {
    alert: 'SluiceServerErrors',
    when: 'one request is answered 503',
    changes: { sluice_http_server_errors_total: '0x9 1x30' },
    fires: 11,
    quiet: 20,
  },
  {
    alert: 'SluiceUploadsFail',
    when: 'one upload is answered 503',
    changes: { 'sluice_form_uploads_total{outcome="ServiceUnavailable"}': '0x9 1x30' },
    fires: 11,
    quiet: 20,
  },
  {
    alert: 'SluiceSlow',
    when: 'what is read takes three seconds',
    changes: {
      ...slow,
      [SLOW.replace('LE', '3')]: '1+60x40',
      [SLOW.replace('LE', '10')]: '1+60x40',
      [SLOW.replace('LE', '+Inf')]: '1+60x40',
    },
    fires: 15,
    quiet: 5,
  },
];
