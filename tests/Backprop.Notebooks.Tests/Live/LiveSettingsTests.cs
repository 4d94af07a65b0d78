using Backprop.Browser;
using static Backprop.Notebooks.Tests.Live.LiveActions;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>What a setting reaches, in the lessons themselves. They are left changed: no other test opens them there.</summary>
public class LiveSettingsTests(LiveCommand command, ChromiumBrowser browser) : IClassFixture<LiveCommand>
{
    [Theory]
    [InlineData("3-two-layer-network-autodiff")] // gathers losses in a list
    [InlineData("6-check-your-gradients")] // has a type of its own
    public async Task After_every_setting_was_turned_a_page_shows_what_a_run_from_the_top_shows(string name)
    {
        await using var page = await command.OpenAsync(browser, name);
        await ReadyAsync(page.Page);
        await TurnAsync(page.Page, "iters", "40");
        await RunAllAsync(page.Page);
        foreach (var setting in await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.settings [data-name]')].map(setting => setting.dataset.name)"))
        {
            await RunAsync(page.Page, () => page.Page.EvaluateAsync(
                """
                setting => {
                  const control = document.querySelector(`[data-name=${setting}] :is(input[type=range], select)`);
                  if (control.matches("select")) control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
                  else control.value = Number(control.value) + (control.max - control.min) / 40;
                  control.dispatchEvent(new Event("input"));
                  control.dispatchEvent(new Event("change"));
                }
                """,
                setting));
            Assert.True(await page.Page.Locator("section.failed, section.stale").CountAsync() == 0, setting);
        }

        var turned = await ShownAsync();
        await RunAllAsync(page.Page);

        Assert.Equal(await ShownAsync(), turned);
        Assert.Equal(0, await page.Page.Locator("section.failed").CountAsync());
        Assert.Empty(page.Errors);

        async Task<string[]> ShownAsync()
        {
            await SettledAsync(page.Page);
            return await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.outputs > *')].map(output => output.querySelector('[data-backprop-chart]')?.dataset.backpropChart ?? output.textContent)");
        }
    }
}
