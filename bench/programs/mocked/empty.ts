// The floor of a program without an engine: the SDK under its own mocks, and no resource.
import { recordPlan } from "../../../commands/plan/recorder.ts";

await recordPlan({ project: "empty", stack: "floor", config: {}, secretKeys: [] }, () => import("../empty/index.ts"));
