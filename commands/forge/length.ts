// What a forge would refuse is refused here, before anything is sent.
import { ForgeError } from "./failure.ts";

export function refuseTooLong(body: string, marker: string, longest: number, forge: string): void {
    const length = body.length + (body.startsWith(marker) ? 0 : marker.length + 1);
    if (length > longest) {
        throw new ForgeError(
            `The comment ${marker} has ${length} characters. Allowed at ${forge}: ${longest}. ` +
                "Fix: leave out its details; nothing was sent.",
        );
    }
}
