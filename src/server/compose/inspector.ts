// What can be known of this machine without opening the system: its data folder and the programs for rendering.

import type { Clock } from '../../core/time.ts';
import { createTools, type ToolState } from '../../repo/tools.ts';
import { type FolderState, inspectFolder } from '../door/inspect.ts';

export interface Inspector {
  readonly folder: string;
  /** How the data folder is used; none is made. */
  folderState(signal: AbortSignal): Promise<FolderState>;
  tools(): Promise<readonly ToolState[]>;
}

export function createInspector(folder: string, environment: NodeJS.ProcessEnv, clock: Clock): Inspector {
  return {
    folder,
    folderState: (signal) => inspectFolder(folder, clock, signal),
    tools: () => createTools(environment).states(),
  };
}
