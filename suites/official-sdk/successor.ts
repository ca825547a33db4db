import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SDK that follows has the same modules, classes and commands under other names. */
const NAMES: readonly [string, string][] = [
  ['deepset_cloud_sdk', 'haystack_enterprise_sdk'],
  ['deepset_cloud_api', 'haystack_enterprise_api'],
  ['DeepsetCloud', 'HaystackEnterprise'],
  ['deepset-cloud', 'haystack-enterprise'],
];

/** What it does otherwise, within itself: what goes over the wire is the same. */
const DIFFERENT: readonly [test: string, why: string][] = [
  [
    'test_errors.py::test_direct_upload[wrong key]',
    'has an exception and words of its own for a key that is refused',
  ],
  [
    'test_errors.py::test_session_upload[wrong key]',
    'tells of every file that it failed, and raises nothing',
  ],
  ['test_errors.py::test_session_upload[unknown workspace]', 'the same'],
  ['test_errors.py::test_list[wrong key]', 'has an exception of its own'],
  ['test_errors.py::test_download[wrong key]', 'the same'],
  ['test_command_line.py::test_an_error_ends_it_with_a_status[arguments0-not valid]', 'has words of its own'],
  ['test_command_line.py::test_login_then_work_then_logout', 'opens a browser to log in'],
  [
    'test_upload_sessions.py::test_what_is_uploaded_after_the_close_is_not_ingested',
    'wraps the answer of the form, so that its status is not at hand',
  ],
];

/** The suite for the SDK that follows. @returns its folder, and pytest's options that leave out what is different */
export const makeSuccessorSuite = (scratch: string): { suite: string; args: string[] } => {
  const suite = join(scratch, 'successor');
  mkdirSync(suite);
  for (const name of readdirSync(import.meta.dirname).filter((file) => /\.(py|ini)$/.test(file))) {
    let text = readFileSync(join(import.meta.dirname, name), 'utf8');
    for (const [of, is] of NAMES) text = text.replaceAll(of, is);
    writeFileSync(join(suite, name), text);
  }
  return { suite, args: DIFFERENT.map(([test]) => `--deselect=${test}`) };
};
