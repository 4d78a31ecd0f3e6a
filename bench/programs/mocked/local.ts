// The stack `local` without an engine: the real program under the SDK's own mocks.
import { recordPlan } from "../../../commands/plan/recorder.ts";
import { runProgram } from "../../../commands/plan/record-stack.ts";
import { readStackFile } from "../../../commands/plan/stack-file.ts";

const file = await readStackFile("local");
await recordPlan({ ...file, stack: "local" }, runProgram);
