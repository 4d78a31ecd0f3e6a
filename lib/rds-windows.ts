// The two windows of an RDS instance: AWS refuses a pair that overlaps, and chooses by itself when nobody does.

const minutesOfDay = 24 * 60;
const minutesOfWeek = 7 * minutesOfDay;
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

export interface RdsWindows {
    /** UTC, for example `02:00-03:00`. */
    readonly backupWindow: string;
    /** UTC, for example `sun:03:00-sun:04:00`. */
    readonly maintenanceWindow: string;
}

const backups = ["02:00-03:00", "04:00-05:00", "00:00-01:00"];
const maintenances = ["sun:03:00-sun:04:00", "sun:05:00-sun:06:00", "sun:01:00-sun:02:00"];

/** @returns what is given, and for the rest the hours of the other clouds, or the next ones that are free; nothing where none is */
export function rdsWindows(given: Partial<RdsWindows>): Partial<RdsWindows> {
    const { backupWindow, maintenanceWindow } = given;
    const candidates = backupWindow === undefined ? backups : [backupWindow];
    const pairs = candidates.flatMap((backup) =>
        (maintenanceWindow === undefined ? maintenances : [maintenanceWindow]).map((maintenance) => ({
            backupWindow: backup,
            maintenanceWindow: maintenance,
        })),
    );
    return pairs.find((pair) => !windowsOverlap(pair)) ?? given;
}

/** Whether backups would be made, on any day, while the server may be restarted. */
export function windowsOverlap({ backupWindow, maintenanceWindow }: RdsWindows): boolean {
    const [start, end] = backupWindow.split("-").map(minutes) as [number, number];
    const length = (end - start + minutesOfDay) % minutesOfDay;
    const [from, to] = maintenanceWindow.split("-").map(minutesInWeek) as [number, number];
    const open = (to - from + minutesOfWeek) % minutesOfWeek;
    return days.some((_, day) => {
        const after = (day * minutesOfDay + start - from + minutesOfWeek) % minutesOfWeek;
        // It begins within the other, or the other begins within it.
        return after < open || minutesOfWeek - after < length;
    });
}

function minutes(time: string): number {
    const [hour, minute] = time.split(":").map(Number) as [number, number];
    return hour * 60 + minute;
}

function minutesInWeek(time: string): number {
    return days.indexOf(time.slice(0, 3)) * minutesOfDay + minutes(time.slice(4));
}
