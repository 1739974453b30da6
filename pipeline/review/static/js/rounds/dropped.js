// What was dropped or chosen, as files with the folders they lie in.

const readAll = (reader) =>
  new Promise((done, failed) => {
    const found = [];
    const more = () =>
      reader.readEntries((some) => {
        if (!some.length) return done(found);
        found.push(...some);
        more();
      }, failed);
    more();
  });

async function within(entry, above) {
  const name = above + entry.name;
  if (entry.isFile) return [{ name, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const inner = await readAll(entry.createReader());
  return (await Promise.all(inner.map((one) => within(one, `${name}/`)))).flat();
}

export async function dropped(transfer) {
  // the list is emptied as soon as this function waits
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return (await Promise.all(entries.map((entry) => within(entry, "")))).flat();
}

export const chosen = (input) => [...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
