import { Client } from 'pg';
import { startStack } from '../../testing/services/stack.ts';

export type ProductionServices = {
  /** The settings of a server with a database and a bucket of its own, and what stands for the page's addresses. */
  settingsFor(document: string): Promise<{ text: string; places: [string, string][] }>;
  remove(): Promise<void>;
};

/** What `npm run services` starts, once for all pages. The store is the one whose answers docs/production.md shows. */
export const startProductionServices = async (): Promise<ProductionServices> => {
  const { postgres, stores, remove } = await startStack({ stores: ['versitygw'], fast: true });
  const store = stores[0]?.access;
  if (!store) throw new Error('There is no store');
  return {
    remove,
    settingsFor: async (document) => {
      const name = document.toLowerCase().replace(/[^a-z]+/g, '-');
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      await client.query(
        `create database "${name}" encoding 'UTF8' locale_provider icu icu_locale 'en-US' template template0`,
      );
      await client.end();
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      const settings = {
        SLUICE_DATABASE_URL: url.href,
        SLUICE_S3_ENDPOINT: store.endpoint,
        SLUICE_S3_REGION: store.region,
        SLUICE_S3_ACCESS_KEY_ID: store.accessKeyId,
        SLUICE_S3_SECRET_ACCESS_KEY: store.secretAccessKey,
        SLUICE_S3_UPLOADS: store.uploads,
        SLUICE_BUCKET: name,
        SLUICE_DRAIN_SECONDS: '0',
        SLUICE_API_KEY: 'api_documents_suite_0123456789',
      };
      const text = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
      return {
        text: text.join(''),
        places: [
          ['127.0.0.1:5432/sluice', `${url.host}/${name}`],
          ['127.0.0.1:5432', url.host],
          ['127.0.0.1:7070', new URL(store.endpoint).host],
          ['database "sluice"', `database "${name}"`],
          ['sluice-user-files-upload', name],
        ],
      };
    },
  };
};
