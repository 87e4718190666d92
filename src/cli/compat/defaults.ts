// What a command does where nothing was typed.

export interface Defaults {
  /** Milliseconds that sync and wait take at most without --timeout; 0 is for ever. */
  readonly deadline: number;
  /** Whether `app delete` removes the deployed resources without --cascade; undefined leaves it to the server. */
  readonly cascade: boolean | undefined;
  /** The program that shows differences; '' is our own view. */
  readonly diffProgram: string;
  /** Whether the local system is used where no server is named. */
  readonly local: boolean;
  /** Whether a 403 is told apart by what the caller can see. */
  readonly tellsAbsence: boolean;
  /** Whether lists, and `app get`, ignore arguments that they have no use for. */
  readonly allowsSurplus: boolean;
  /** Whether a log that is followed goes on with the next container when its own has ended. */
  readonly followsRestarts: boolean;
  /** Whether several applications are waited for together, with one deadline and one answer. */
  readonly waitsTogether: boolean;
  /** Whether a wait for health ends with what is Degraded when it begins. */
  readonly endsOnDegraded: boolean;
  /** What the names of programs that add a command begin with. */
  readonly pluginPrefixes: readonly string[];
}

export const HAWSER_DEFAULTS: Defaults = {
  deadline: 600_000,
  cascade: false,
  diffProgram: '',
  local: true,
  tellsAbsence: true,
  allowsSurplus: false,
  followsRestarts: true,
  waitsTogether: true,
  endsOnDegraded: true,
  pluginPrefixes: ['hawser-', 'argocd-'],
};

export const ARGOCD_DEFAULTS: Defaults = {
  deadline: 0,
  cascade: undefined,
  diffProgram: 'diff',
  local: false,
  tellsAbsence: false,
  allowsSurplus: true,
  followsRestarts: false,
  waitsTogether: false,
  endsOnDegraded: false,
  pluginPrefixes: ['argocd-'],
};
