// The other versions of a kind, as who owns what is told in them.

import { convert } from '../objects/conversion.ts';
import { apiVersionOf, groupOf, versionOf } from '../objects/object.ts';
import type { OtherVersions } from '../objects/other-versions.ts';
import type { Api } from './api.ts';
import { typeOfKind } from './decode.ts';
import type { Kind } from './kinds.ts';

export const otherVersions =
  (api: Api, { storage, kind: name }: Kind): OtherVersions =>
  (apiVersion) => {
    const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
    const kind = api.kinds.ofKind(group, version, name);
    if (kind?.storage !== storage) return undefined;
    const type = typeOfKind(api.types(), kind);
    return { type, convert: (object) => convert(object, apiVersionOf(kind.group, kind.version)) };
  };
