/** What has to be there before the blocks of a page run, in the words of the shell that runs them. */
export type PageSetting = {
  /** The settings of a production server are in `sluice.env`, with a database and a bucket of the page's own. */
  production?: true;
  before?: string;
  /** What else is another one with every run, by a part of the block. */
  varies?: readonly { in: RegExp; is: readonly RegExp[]; why: string }[];
};

const SERVER = 'npm start >/dev/null';
const CREDENTIALS =
  'export API_URL=http://$SERVER/api/v1 API_KEY=$(cat data/api-key) DEFAULT_WORKSPACE_NAME=default';
const DOCUMENTS = 'cp -r examples/documents documents';

export const PAGES: Readonly<Record<string, PageSetting>> = {
  'README.md': { production: true },
  'docs/api.md': {
    before: `${SERVER}
      cp examples/documents/lock-operating-manual.pdf report.pdf
      cp examples/documents/lock-operating-manual.pdf.meta.json report.pdf.meta.json`,
  },
  'docs/client.md': { before: `${SERVER}; ${CREDENTIALS}; ${DOCUMENTS}` },
  'docs/command-line.md': {
    before: `${SERVER}; ${DOCUMENTS}; cd "$HOME"; ln -s "$CLONE/data" data; cp -r "$CLONE/documents" .
      mkdir a b scans; echo a > a/notes.txt; echo b > b/notes.txt
      for n in $(seq 500); do head -c 26650 /dev/zero > scans/page-$n.txt; done`,
    varies: [
      {
        in: /Ctrl-C again stops at once/,
        is: [/with [\d,]+ files/g],
        why: 'how far an upload has come when it is interrupted',
      },
    ],
  },
  'docs/growing-up.md': {
    production: true,
    before: `SLUICE_DATA_DIR="$SCRATCH/var/lib/sluice" npm start >/dev/null
      API_KEY=$(cat "$SCRATCH/var/lib/sluice/api-key") sluice upload examples/documents/toll* --api-url http://$SERVER
      end_what_stays
      set -a; . ./sluice.env; set +a
      sluiced bucket setup >/dev/null`,
    varies: [
      {
        in: /^Transferred/m,
        is: [/[0-9a-f]{64}/g, /\d[\d.,]*(?: [kM]B)?/g],
        why: 'what a folder holds, and how fast it goes',
      },
    ],
  },
  'docs/production.md': {
    production: true,
    before: `git init --quiet; git add --all
      git -c user.name=Ada -c user.email=ada@example.org commit --quiet --message Clone
      mkdir -p "$SCRATCH/opt" "$SCRATCH/etc/systemd/system"
      . ./sluice.env
      export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_STORE_TYPE=s3 RCLONE_CONFIG_STORE_PROVIDER=Other
      export RCLONE_CONFIG_STORE_ENDPOINT=$SLUICE_S3_ENDPOINT RCLONE_CONFIG_STORE_ACCESS_KEY_ID=$SLUICE_S3_ACCESS_KEY_ID
      export RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY=$SLUICE_S3_SECRET_ACCESS_KEY
      export RCLONE_CONFIG_BACKUP_TYPE=alias RCLONE_CONFIG_BACKUP_REMOTE=$SCRATCH`,
  },
  'packages/client/README.md': { before: `${SERVER}; ${CREDENTIALS}; ${DOCUMENTS}` },
};
