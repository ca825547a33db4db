import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { installCeph } from './install.ts';
import { createService, freePort, type Service } from './service.ts';
import { isAnswered, type Keys, REGION, type Store, type StoreOptions, storeKeys } from './store.ts';

/**
 * Starts the smallest Ceph that has an S3 gateway: a monitor, one OSD that keeps objects in memory, and the gateway.
 * `stop` and `start` are of the gateway: what it stored is there as long as the OSD lives, until `remove`.
 */
export const startCeph = async ({ directory, port }: StoreOptions = {}): Promise<Store> => {
  if (directory !== undefined)
    throw new Error('Ceph keeps its objects in memory here: it takes no directory');
  installCeph();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ceph-'));
  const gatewayPort = port ?? (await freePort());
  const cluster = { folder, id: randomUUID(), monitorPort: await freePort(), gatewayPort };
  writeFileSync(join(folder, 'ceph.conf'), configuration(cluster));
  const ceph = commands(folder);
  const daemon = (name: string, command: string[], isReady: () => Promise<boolean>): Service =>
    createService({
      name,
      command: [...command, '--foreground', '--conf', join(folder, 'ceph.conf')],
      stopSignal: 'SIGTERM',
      isReady,
      deleteData: async () => {},
    });

  const monitor = daemon('ceph-mon', ['ceph-mon', '--id', 'a'], () => accepts(cluster.monitorPort));
  const osd = daemon('ceph-osd', ['ceph-osd', '--id', '0'], async () => ceph.countsOneOsd());
  const endpoint = `http://127.0.0.1:${gatewayPort}`;
  const gateway = daemon('radosgw', ['radosgw', '--name', 'client.rgw'], () => isAnswered(endpoint));
  const remove = async (): Promise<void> => {
    for (const service of [gateway, osd, monitor]) await service.stop('SIGKILL'); // nothing is to be kept
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const keys = storeKeys(folder);
    ceph.makeMonitor(cluster);
    await monitor.start();
    ceph.makeOsd();
    await osd.start();
    ceph.makeUser(keys);
    await gateway.start();
    const access = { name: 'ceph', endpoint, region: REGION, ...keys, uploads: 'direct' as const };
    return { ...gateway, remove, port: gatewayPort, access };
  } catch (error) {
    await remove();
    throw error;
  }
};

type Cluster = { folder: string; id: string; monitorPort: number; gatewayPort: number };

const configuration = ({ folder, id, monitorPort, gatewayPort }: Cluster): string => `[global]
fsid = ${id}
mon host = v1:127.0.0.1:${monitorPort}
public addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
mon allow pool size one = true
mon max pg per osd = 10000
mon data avail crit = 1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 8589934592
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
run dir = ${folder}
admin socket =
pid file =
log file =
log to stderr = false
err to stderr = true
rgw enable apis = s3
rgw relaxed s3 bucket names = true
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}
`;

const commands = (folder: string) => {
  const run = (program: string, args: string[]): string => {
    const { status, stdout, stderr, error } = spawnSync(
      program,
      [...args, '--conf', join(folder, 'ceph.conf')],
      { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH } },
    );
    if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? ''}\n${stderr}`);
    return stdout;
  };
  return {
    makeMonitor: ({ id, monitorPort }: Cluster): void => {
      const address = `[v1:127.0.0.1:${monitorPort}]`;
      mkdirSync(join(folder, 'mon'));
      run('monmaptool', ['--create', '--addv', 'a', address, '--fsid', id, join(folder, 'monmap')]);
      run('ceph-mon', ['--mkfs', '--id', 'a', '--monmap', join(folder, 'monmap')]);
    },
    makeOsd: (): void => {
      const id = randomUUID();
      mkdirSync(join(folder, 'osd'));
      run('ceph', ['osd', 'new', id]);
      run('ceph-osd', ['--mkfs', '--id', '0', '--osd-uuid', id]);
    },
    countsOneOsd: (): boolean => {
      try {
        const told = run('ceph', ['osd', 'stat', '--format', 'json']);
        return (JSON.parse(told) as { num_up_osds: number }).num_up_osds === 1;
      } catch {
        return false; // a young monitor refuses to be asked for a moment
      }
    },
    makeUser: ({ accessKeyId, secretAccessKey }: Keys): void => {
      const keys = ['--access-key', accessKeyId, '--secret', secretAccessKey];
      run('radosgw-admin', ['user', 'create', '--uid', 'sluice', '--display-name', 'sluice', ...keys]);
    },
  };
};

const accepts = async (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1')
    .once('connect', () => resolve(true))
    .once('error', () => resolve(false));
  const answer = await promise;
  socket.destroy();
  return answer;
};
