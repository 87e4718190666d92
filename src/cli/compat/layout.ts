// How an answer is laid out.

import type { ListColumns } from '../../render/applications.ts';

export interface Layout {
  /** The progress of a wait: our lines, or the reference's rows. */
  readonly progress: 'lines' | 'rows';
  /** Whether tables in a terminal have a rule, and fit its width. */
  readonly fittedTables: boolean;
  /** How the facts of an application are ordered. */
  readonly facts: 'grouped' | 'reference';
  /** Whether a list without a line has its heading. */
  readonly headsEmptyLists: boolean;
  /** The columns of `app list`. */
  readonly listColumns: ListColumns;
  /** What `app history` lists: operations with author and reason, or the history in the status. */
  readonly history: 'deployments' | 'status';
  /** After the YAML of some commands. */
  readonly yamlTail: string;
  /** Whether the end of a wait in a terminal is its one line and the resources, without the summary. */
  readonly endsBriefly: boolean;
  /** Between the progress and the block at the end of a wait. */
  readonly blockLead: string;
  /** Before the block, where the time was up. */
  readonly lateLead: string;
}

export const HAWSER_LAYOUT: Layout = {
  progress: 'lines',
  fittedTables: true,
  facts: 'grouped',
  headsEmptyLists: false,
  listColumns: { default: 'brief', table: 'brief' },
  history: 'deployments',
  yamlTail: '',
  endsBriefly: true,
  blockLead: '',
  lateLead: '',
};

export const ARGOCD_LAYOUT: Layout = {
  progress: 'rows',
  fittedTables: false,
  facts: 'reference',
  headsEmptyLists: true,
  listColumns: { default: 'wide', table: 'short' },
  history: 'status',
  yamlTail: '\n',
  endsBriefly: false,
  blockLead: '\n',
  lateLead:
    '\nThis is the state of the app after wait timed out:\n\nThe command timed out waiting for the conditions to be met.\n',
};
