import { type Browser, chromium } from 'playwright-core';
import { installChromium } from './client-package/installed.ts';

/** Debian's Chromium without a window, which asks nobody on the network; `host` is a name that leads to this machine. */
export const launchChromium = (host: string): Promise<Browser> =>
  chromium.launch({
    executablePath: installChromium(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${host} 127.0.0.1`,
    ],
  });
