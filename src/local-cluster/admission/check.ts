import type { Api, JudgedWrite } from '../api.ts';
import { checkPolicies } from './policies.ts';

/** Throws what policies, and webhooks after them, have against a request. */
export function checkRequest(api: Api, write: JudgedWrite): void {
  checkPolicies(api, write);
  api.webhooks?.validate(write);
}
