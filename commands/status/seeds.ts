// How old the seed is that new environments begin with. Pure: what was read comes in, a line and a verdict go out.
import { ago } from "./backups.ts";

/** What Kubernetes notes of the CronJob. */
export interface SeedState {
    /** As cron has it. @default only when somebody asks */
    readonly schedule?: string;
    readonly running: boolean;
    /** When one was last begun by the schedule. */
    readonly lastBegun?: Date;
    /** When one last ended well, whoever began it. */
    readonly lastGood?: Date;
}

export interface JudgedSeed {
    readonly line: string;
    /** What is not as the schedule has it. */
    readonly broken?: string;
}

export function judgeSeed({ schedule, running, lastBegun, lastGood }: SeedState, now: Date): JudgedSeed {
    const made = lastGood === undefined ? "none yet" : `the newest was made ${ago(now.getTime() - lastGood.getTime())}`;
    const line = `Seed: ${made}, ${schedule === undefined ? "made by `make seed` alone" : `one is made at "${schedule}" UTC`}${running ? "; one is being made" : ""}`;
    const isLate =
        schedule !== undefined &&
        !running &&
        lastBegun !== undefined &&
        (lastGood === undefined || lastGood < lastBegun);
    return isLate
        ? {
              line,
              broken: `seed: the one of ${lastBegun.toISOString().slice(0, 16).replace("T", " ")} was not made; new environments begin with an older one, or with none (docs/seeds.md).`,
          }
        : { line };
}
