// The table of protobuf messages, loaded when the first client speaks protobuf.

export interface WireTable {
  /** The message of a kind by 'GROUP/VERSION/KIND', 'VERSION/KIND' in the core group. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Messages that are the same in every group: options, Status, lists of groups. */
  readonly general: Readonly<Record<string, number>>;
  /** The message of a JSON schema, which some unions hold. */
  readonly schema: number;
  /** The fields of each message: 'number name type flags', joined by ';'. */
  readonly messages: readonly string[];
}

export async function loadWireTable(): Promise<WireTable> {
  loading ??= import('./generated/wire.ts').then((module): WireTable => JSON.parse(module.WIRE));
  return loading;
}

let loading: Promise<WireTable> | undefined;
