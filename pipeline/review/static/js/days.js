// A day that is often meant, put into the three menus beside it by one press.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-day]");
  if (!button) return;
  const parts = button.dataset.day.split("-").map(Number);
  for (const [at, name] of ["year", "month", "day"].entries()) {
    const menu = button.closest(".day-field").querySelector(`[name=due_${name}]`);
    menu.value = String(parts[at]);
    menu.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
