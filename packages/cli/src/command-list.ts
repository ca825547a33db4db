import type { Command } from './command-line/command.ts';
import { completionOf } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { download } from './commands/download.ts';
import { filesDelete, filesList, filesShow } from './commands/files.ts';
import { filesMeta } from './commands/files-meta.ts';
import { login, logout } from './commands/login.ts';
import { sessionsClose, sessionsFiles, sessionsList, sessionsShow } from './commands/sessions.ts';
import { sessionsWatch } from './commands/sessions-watch.ts';
import { tokensCreate, tokensDelete, tokensList } from './commands/tokens.ts';
import { upload } from './commands/upload.ts';
import { usersList } from './commands/users.ts';
import { version } from './commands/version.ts';
import { workspacesCreate, workspacesDelete, workspacesList, workspacesShow } from './commands/workspaces.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  upload,
  ...[filesList, filesShow, filesDelete, filesMeta],
  download,
  ...[sessionsList, sessionsShow, sessionsFiles, sessionsClose, sessionsWatch],
  ...[workspacesList, workspacesCreate, workspacesDelete, workspacesShow],
  ...[tokensList, tokensCreate, tokensDelete],
  usersList,
  ...[login, logout, doctor],
  completionOf(() => COMMANDS),
  version,
];
