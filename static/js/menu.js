/** Below 1024 px the rail is a popover; it closes when the window grows into the width where it always shows. */
const wide = matchMedia("(min-width: 1024px)");

wide.addEventListener("change", () => {
  const rail = document.getElementById("rail");
  if (wide.matches && rail?.matches(":popover-open")) rail.hidePopover();
});
