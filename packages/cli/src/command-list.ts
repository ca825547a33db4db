import type { Command } from './command-line/command.ts';
import { doctor } from './commands/doctor.ts';
import { download } from './commands/download.ts';
import { filesDelete, filesList, filesShow } from './commands/files.ts';
import { sessionsClose, sessionsFiles, sessionsList, sessionsShow } from './commands/sessions.ts';
import { sessionsWatch } from './commands/sessions-watch.ts';
import { tokensCreate, tokensDelete, tokensList } from './commands/tokens.ts';
import { upload } from './commands/upload.ts';
import {
  workspacesCreate,
  workspacesDelete,
  workspacesList,
  workspacesStats,
} from './commands/workspaces.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  upload,
  ...[filesList, filesShow, filesDelete],
  download,
  ...[sessionsList, sessionsShow, sessionsFiles, sessionsClose, sessionsWatch],
  ...[workspacesList, workspacesCreate, workspacesDelete, workspacesStats],
  ...[tokensList, tokensCreate, tokensDelete],
  doctor,
];
