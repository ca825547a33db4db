import { DomainError } from '../../domain/errors.ts';
import { OWN_FIELDS } from '../../domain/odata/filter.ts';
import { askedKeys, otherTypes, unknownKey } from '../../domain/odata/warnings.ts';
import { similarName } from '../../domain/similar-name.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { createBreath } from '../breathe.ts';
import type { FileReader, FileSearch } from '../ports/files.ts';
import { createRecent } from '../recent.ts';
import type { Workspaces } from '../workspaces.ts';

/** Sentences of one answer at most. */
const MOST = 5;

/** Filters whose warnings are kept; those unused longest go when there are more. */
const KEPT = 500;

/**
 * Why a filter may find nothing although nothing is wrong with it: it asks for a key, or for a type of value, that no file
 * has. A client that walks a list asks on every page, so they are kept for as long as nothing in the workspace has changed.
 */
export const createFilterWarnings = (
  files: Pick<FileReader, 'metadataTypes'>,
  workspaces: Pick<Workspaces, 'metadataFields'>,
) => {
  const kept = createRecent<string[]>(KEPT);

  /** Where it would take too long to find keys of the metadata, there are those of the file alone. */
  const knownNames = async (workspace: Workspace): Promise<string[]> => {
    try {
      return [...OWN_FIELDS, ...(await workspaces.metadataFields(workspace)).keys()];
    } catch (error) {
      if (error instanceof DomainError && error.code === 'QUERY_TOO_DEAR') return [...OWN_FIELDS];
      throw error;
    }
  };

  const look = async (workspace: Workspace, search: FileSearch, asked: Map<string, Set<string>>) => {
    const there = await files.metadataTypes(search, [...asked.keys()]);
    const breathe = createBreath();
    let names: string[] | undefined;
    const warnings: string[] = [];
    for (const [key, letters] of asked) {
      if (warnings.length === MOST) break;
      const found = there.get(key);
      let warning = found && otherTypes(key, letters, found);
      if (!found) {
        names ??= await knownNames(workspace);
        warning = unknownKey(key, await similarName(key, names, breathe));
      }
      if (warning !== undefined) warnings.push(warning);
    }
    return warnings;
  };

  return async (workspace: Workspace, search: FileSearch): Promise<string[]> => {
    const asked = search.filter ? askedKeys(search.filter) : new Map();
    if (asked.size === 0) return [];
    const keys = [...asked].map(([key, letters]) => [key, [...letters].join('')]);
    const about = JSON.stringify([workspace.id, workspace.filesVersion, search.includeTemporary, keys]);
    const warnings = kept.get(about) ?? (await look(workspace, search, asked));
    kept.set(about, warnings);
    return warnings;
  };
};
