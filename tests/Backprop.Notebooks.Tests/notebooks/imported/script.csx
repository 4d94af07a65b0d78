int FromScript() => 2;
