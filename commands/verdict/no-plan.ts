// What is said of a head whose settings are wrong: nothing can be planned of it, and it would not be deployed either.
import { counted } from "../plan/words.ts";
import type { NoPlan } from "./plan-document.ts";
import { codeSpan, terminalText } from "./quoted-text.ts";

/** A comment has room for so many. */
const most = 50;

export function noPlanMarkdown(stack: string, { problems }: NoPlan): string {
    return [
        `🔴 **Red.** There is no plan: ${counted(problems.length, "setting")} of ${codeSpan(stack)} ${problems.length === 1 ? "needs" : "need"} mending.`,
        ...problems
            .slice(0, most)
            .map(({ path, found, fix }) => `- ${codeSpan(path)}: found ${codeSpan(found)}. Fix: ${codeSpan(fix)}`),
        ...(problems.length > most ? [`And ${problems.length - most} more.`] : []),
        "",
    ].join("\n\n");
}

export function noPlanText(stack: string, { problems }: NoPlan): string {
    return [
        `Red. There is no plan: ${counted(problems.length, "setting")} of ${terminalText(stack)} need mending:`,
        ...problems.map(
            ({ path, found, fix }) =>
                `  ${terminalText(path)}: found ${terminalText(found)}. Fix: ${terminalText(fix)}`,
        ),
    ].join("\n");
}
