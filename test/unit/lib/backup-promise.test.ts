// When drills are held: at least once in so many days, whatever the month.
import { expect, test } from "vitest";
import { drillSchedule } from "../../../lib/backup-promise.ts";

test.each([
    [1, "17 5 * * *"],
    [2, "17 5 */2 * *"],
    [7, "17 5 * * 2"],
    [30, "17 5 */30 * *"],
    [31, "17 5 1 * *"],
    [61, "17 5 1 * *"],
    [62, "17 5 1 */2 *"],
    [90, "17 5 1 */2 *"],
])("every %i days: %s", (every, schedule) => {
    expect(drillSchedule("02:17", every)).toBe(schedule);
});

test("after the backup of the day before, where three hours later is another day", () => {
    expect(drillSchedule("23:05", 1)).toBe("5 2 * * *");
});

test("never more days are between two drills", () => {
    const matches = (field: string, value: number, first: number): boolean => {
        const [range = "", step] = field.split("/");
        return range === "*" ? (value - first) % Number(step ?? 1) === 0 : Number(range) === value;
    };
    for (let every = 1; every <= 90; every++) {
        const [, , ofMonth = "", ofYear = "", weekday = ""] = drillSchedule("02:17", every).split(" ");
        // Two years, a leap year among them.
        const days = Array.from({ length: 731 }, (_, day) => day).filter((day) => {
            const date = new Date(Date.UTC(2028, 0, 1 + day));
            return (
                matches(ofMonth, date.getUTCDate(), 1) &&
                matches(ofYear, date.getUTCMonth() + 1, 1) &&
                matches(weekday, date.getUTCDay(), 0)
            );
        });
        const longest = Math.max(...days.slice(1).map((day, index) => day - days[index]!));
        expect(longest, `every ${every}`).toBeLessThanOrEqual(every);
    }
});
