// What Google's load balancer does where nobody said otherwise: the defaults of `platform.gateway`.
import type { BackendBehaviour } from "../../../components/edge/gcp/backend-policies.ts";

export const defaultBehaviour: BackendBehaviour = { requestTimeout: 60, requestLogSampling: 1 };
