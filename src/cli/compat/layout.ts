// How an answer is laid out.

export interface Layout {
  /** The progress of a wait: our lines, or the reference's rows. */
  readonly progress: 'lines' | 'rows';
  /** Whether tables in a terminal have rules and are cut to its width. */
  readonly ruledTables: boolean;
  /** What `app history` lists: operations with author and reason, or the history in the status. */
  readonly history: 'deployments' | 'status';
  /** After the YAML of some commands. */
  readonly yamlTail: string;
  /** Between the progress and the block at the end of a wait. */
  readonly blockLead: string;
  /** Before the block, where the time was up. */
  readonly lateLead: string;
}

export const HAWSER_LAYOUT: Layout = {
  progress: 'lines',
  ruledTables: true,
  history: 'deployments',
  yamlTail: '',
  blockLead: '',
  lateLead: '',
};

export const ARGOCD_LAYOUT: Layout = {
  progress: 'rows',
  ruledTables: false,
  history: 'status',
  yamlTail: '\n',
  blockLead: '\n',
  lateLead:
    '\nThis is the state of the app after wait timed out:\n\nThe command timed out waiting for the conditions to be met.\n',
};
