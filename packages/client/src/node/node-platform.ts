import type { Platform } from '../upload/form-transport.ts';
import { openFile } from './file-content.ts';
import { httpTransport } from './http-transport.ts';

export const nodePlatform: Platform = { createFormTransport: httpTransport, openPath: openFile };
