namespace RecSys.Api.Hosting.Limits;

/// <summary>What kind of work a route is; each kind has limits of its own (<see cref="LimitOptions"/>).</summary>
internal enum OperationClass
{
    /// <summary>Reading lists; also what no route answers.</summary>
    Recommend,

    /// <summary>Posting events.</summary>
    Events,

    /// <summary>Changing and reading items and users.</summary>
    Catalogue,

    /// <summary>Operating the server; every call is audited.</summary>
    Admin,

    /// <summary>Never limited: health.</summary>
    None,

    /// <summary>Files of the dashboard and who is signed in; a page asks for many at once.</summary>
    Dashboard,

    /// <summary>Signing in to the dashboard; every call is audited.</summary>
    SignIn,
}
