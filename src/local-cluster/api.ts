// What every verb works on, and one call as the verbs see it.

import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';
import type { BuiltinTypes } from '../objects/types.ts';
import type { User } from './access/user.ts';
import type { FieldValidation } from './decode.ts';
import type { Kind, Kinds } from './kinds.ts';
import type { Representation } from './representation.ts';
import type { KubeRequest } from './request.ts';
import type { ResourcePath } from './route.ts';
import type { Store } from './store/store.ts';

export interface Api {
  readonly store: Store;
  readonly kinds: Kinds;
  /** The cluster's: of whatever it writes into objects and waits for in their name. */
  readonly clock: Clock;
  /** The machine's: of what clients compare with their own clock (tokens, how long a watch lasts). */
  readonly wallClock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Loads the structures of the built-in types: nothing can be written before. */
  readonly ready: () => Promise<void>;
  /** Only after `ready`. */
  readonly types: () => BuiltinTypes;
  /** Of an attempt to write that asks webhooks. */
  readonly webhooks?: Webhooks;
}

/** Both throw what a webhook denies, and give the attempt up where one has to be asked first. */
interface Webhooks {
  mutate(write: JudgedWrite): KubeObject | undefined;
  validate(write: JudgedWrite): void;
}

export interface ResourceRequest {
  readonly api: Api;
  readonly request: KubeRequest;
  readonly path: ResourcePath;
  readonly kind: Kind;
  readonly user: User;
  /** The form in which the answer goes out. */
  readonly representation: Representation;
  /** Takes what the answer is to warn of. */
  readonly warn?: (text: string) => void;
}

/** How an object is to be written. */
export interface WriteSettings {
  /** By one of the cluster's own controllers, whose statuses are taken as they are. */
  readonly simulated?: boolean;
  readonly dryRun: boolean;
  readonly manager: string;
  readonly subresource: string;
  readonly operation: 'Update' | 'Apply';
  readonly isPatch?: boolean;
  /** The object has been read by its type. */
  readonly isRead?: boolean;
  readonly validation: FieldValidation;
  readonly user: User;
  /** What the request said of how to write, as admission hears of it. */
  readonly options?: JsonObject;
  /** Takes what whoever writes is to be warned of. */
  readonly warn?: (text: string) => void;
}

/** A write as those see it who judge it. */
export interface JudgedWrite {
  readonly kind: Kind;
  /** What the object is, where it is of another kind than what it is about. */
  readonly told?: Pick<Kind, 'group' | 'version' | 'kind'>;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: KubeObject | undefined;
  readonly before: KubeObject | undefined;
  readonly settings: Pick<WriteSettings, 'user' | 'subresource' | 'dryRun' | 'options' | 'warn' | 'operation'>;
}
