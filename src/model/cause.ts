/** Why a resource is not well: what the cluster says of it, down to the container of one Pod. What is not known is absent. */
export interface Cause {
  /** 'Deployment shop/web'. */
  readonly resource: string;
  readonly message: string;
  /** The phase of the hook that failed, such as PreSync. */
  readonly hook?: string;
  /** What it owns and what is to blame, where that is no Pod: 'ReplicaSet shop/web-7d9'. */
  readonly child?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly image?: string;
  /** The Pod's own reason, such as ImagePullBackOff, OOMKilled or Unschedulable. */
  readonly reason?: string;
  /** What the cluster says about that reason. */
  readonly detail?: string;
  readonly exitCode?: number;
  readonly restarts?: number;
  /** The probe that does not succeed. */
  readonly probe?: string;
  /** The last lines that the container wrote. */
  readonly logs?: readonly string[];
  /** The last warnings of the cluster. */
  readonly events?: readonly string[];
  readonly quota?: string;
}
