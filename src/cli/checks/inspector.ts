// What the embedded system tells of this machine without being opened: a port, as commands see it.

export type FolderUse = 'absent' | 'unused' | 'free' | 'command' | 'server' | 'silent';

export interface FolderState {
  /** Who uses it. */
  readonly use: FolderUse;
  /** Why it cannot be used, or made. */
  readonly problem?: string;
}

export interface ToolState {
  readonly name: string;
  /** Absent where there is none. */
  readonly path?: string;
  readonly version?: string;
  readonly minimum: string;
  readonly isSupported: boolean;
  /** The line that gets it. */
  readonly hint: string;
}

export interface Inspector {
  /** The data folder. */
  readonly folder: string;
  folderState(signal: AbortSignal): Promise<FolderState>;
  tools(): Promise<readonly ToolState[]>;
}

export type Inspect = (options: { readonly dataDir?: string }) => Promise<Inspector>;
