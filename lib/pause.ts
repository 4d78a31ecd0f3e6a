// The one way in which the program waits for time: where a cloud's answer does not hold yet, and nothing tells when it does.

/** What has to hold is not to be seen from here: an association, a key and a right have no state that a caller could ask for. */
export async function pause(milliseconds: number): Promise<void> {
    await new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
    });
}
